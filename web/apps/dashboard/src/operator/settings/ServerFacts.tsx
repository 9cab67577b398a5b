import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type texts from '../../../locales/en/platform.json';
import type { StartSetting } from '../../api/platformSettings';
import { IconServer } from '../../icons';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { Section } from '../../parts/Section';

type Known = keyof typeof texts.settings.server_names;

/** What the running server was started with, and under which key each stands. */
export function ServerFacts({ settings }: { settings: readonly StartSetting[] }): ReactNode {
  const { t, i18n } = useTranslation('platform');
  const columns: readonly Column<StartSetting>[] = [
    {
      key: 'name',
      header: t('settings.col_name'),
      cell: ({ name }) =>
        i18n.exists(`platform:settings.server_names.${name}`)
          ? t(`settings.server_names.${name as Known}`)
          : name,
    },
    {
      key: 'value',
      header: t('settings.col_value'),
      cell: ({ value }) =>
        value === null ? (
          <span className="quiet">{t('settings.unset')}</span>
        ) : (
          <span className="mono breakable">{value}</span>
        ),
    },
    {
      key: 'key',
      header: t('settings.col_key'),
      priority: 2,
      cell: ({ key }) => key !== null && <code className="mono">{key}</code>,
    },
  ];
  return (
    <Section title={t('settings.server')} lead={t('settings.server_lead')}>
      <DataTable
        label={t('settings.server')}
        columns={columns}
        list={{
          rows: settings,
          isLoading: false,
          error: null,
          hasMore: false,
          isLoadingMore: false,
          loadMore: () => undefined,
          retry: () => undefined,
        }}
        rowKey={({ name }) => name}
        empty={<EmptyState icon={<IconServer />} title={t('settings.unset')} />}
      />
    </Section>
  );
}
