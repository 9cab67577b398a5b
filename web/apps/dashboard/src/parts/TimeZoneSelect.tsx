import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import '@mantine/core/styles/Combobox.layer.css';
import '@mantine/core/styles/Popover.layer.css';
import '@mantine/core/styles/ScrollArea.layer.css';
import { useTranslation } from 'react-i18next';

export interface TimeZoneSelectProps {
  label: string;
  /** IANA name. */
  value: string;
  isReadOnly?: boolean;
  onChoose: (zone: string) => void;
}

/** A time zone of the world, found by its name. */
export function TimeZoneSelect({
  label,
  value,
  isReadOnly = false,
  onChoose,
}: TimeZoneSelectProps): ReactNode {
  const { t } = useTranslation();
  return (
    <Select
      label={label}
      description={t('time_zone_help')}
      data={[...new Set([value, 'UTC', ...Intl.supportedValuesOf('timeZone')])]}
      searchable
      allowDeselect={false}
      readOnly={isReadOnly}
      value={value}
      onChange={(zone) => onChoose(zone ?? value)}
    />
  );
}
