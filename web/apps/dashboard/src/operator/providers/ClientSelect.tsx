import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import '@mantine/core/styles/Combobox.layer.css';
import '@mantine/core/styles/Popover.layer.css';
import '@mantine/core/styles/ScrollArea.layer.css';
import { useTranslation } from 'react-i18next';
import { listTenants } from '../../api/operator';
import { useKeysetQuery } from '../../api/useKeysetQuery';

/** How long somebody may go on typing before the server is asked, milliseconds. */
const TYPING_MS = 250;

export interface ClientSelectProps {
  label: string;
  /** Id of the client. */
  value: string | null;
  error: ReactNode;
  onChoose: (tenantId: string | null) => void;
}

/** One of the clients, found by its name; the server looks for it, since there may be many. */
export function ClientSelect({ label, value, error, onChoose }: ClientSelectProps): ReactNode {
  const { t } = useTranslation('platform');
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  const [search] = useDebouncedValue(typed === chosen?.label ? '' : typed, TYPING_MS);
  const list = useKeysetQuery(['operator', 'tenants', search, ''], (cursor, signal) =>
    listTenants({ search }, { cursor, signal }),
  );
  const found = list.rows.map(({ id, name }) => ({ value: id, label: name }));
  const isListed = chosen === null || found.some((one) => one.value === chosen.value);
  return (
    <Select
      label={label}
      data={isListed ? found : [chosen, ...found]}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={
        list.isLoading ? t('providers.client_loading') : t('providers.no_client')
      }
      value={value}
      error={error}
      onChange={(id, option) => {
        setChosen(id === null ? null : option);
        onChoose(id);
      }}
    />
  );
}
