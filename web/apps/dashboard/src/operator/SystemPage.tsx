import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type HealthFinding, healthQuery } from '../api/platform';
import { wholeList } from '../api/wholeList';
import { IconRefresh, IconShieldCheck } from '../icons';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { Page } from '../parts/Page';
import { Section } from '../parts/Section';
import { StatusDot } from '../parts/StatusDot';
import { TwoLines } from '../parts/TwoLines';
import { Nodes } from './Nodes';
import { useHealthWords } from './useHealthWords';
import { WebhookFailures } from './WebhookFailures';

const TONES = { good: 'good', doubtful: 'attention', bad: 'danger' } as const;

/** How the server is: its processes, and what calls need. */
export function SystemPage(): ReactNode {
  const { t } = useTranslation('operator');
  const health = useQuery(healthQuery);
  const words = useHealthWords();
  const columns: readonly Column<HealthFinding>[] = [
    {
      key: 'subject',
      header: t('health.col_subject'),
      cell: (one) => {
        const { lang, subject } = words(one);
        return <span {...(lang && { lang })}>{subject}</span>;
      },
    },
    {
      key: 'verdict',
      header: t('health.col_verdict'),
      cell: (one) => (
        <StatusDot tone={TONES[one.verdict]}>{t(`health.verdict.${one.verdict}`)}</StatusDot>
      ),
    },
    {
      key: 'facts',
      header: t('health.col_facts'),
      cell: (one) => {
        const { lang, facts, remedy } = words(one);
        return (
          <span {...(lang && { lang })}>
            {remedy === null ? facts : <TwoLines first={facts} second={remedy} />}
          </span>
        );
      },
    },
  ];
  return (
    <Page title={t('system.heading')} lead={t('system.lead')}>
      <Nodes />
      <Section
        title={t('health.heading')}
        lead={t('health.lead')}
        action={
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} aria-hidden="true" />}
            loading={health.isFetching && !health.isPending}
            onClick={() => {
              health.refetch().catch(() => undefined);
            }}
          >
            {t('health.again')}
          </Button>
        }
      >
        <DataTable
          label={t('health.heading')}
          columns={columns}
          list={wholeList(health)}
          rowKey={(one) => `${one.subject} ${one.facts}`}
          empty={<EmptyState icon={<IconShieldCheck />} title={t('health.empty')} />}
        />
      </Section>
      <WebhookFailures />
    </Page>
  );
}
