import { RadioCards } from '@jumpa/ui';
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GuestPolicy } from '../../api/clientApps';
import { Card } from '../../parts/Card';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { useApp } from '../useApp';
import { useChangeApp } from '../useChangeApp';

const POLICIES: readonly GuestPolicy[] = ['refused', 'wait', 'join'];

/** What people without a token may do. */
export function GuestsCard(): ReactNode {
  const { t } = useTranslation('client');
  const { app, mayChange } = useApp();
  const [policy, setPolicy] = useState(app.guests);
  const change = useChangeApp();
  return (
    <Card
      title={t('access.guests')}
      layout="beside"
      lead={t('access.guests_lead')}
      foot={
        mayChange('apps') && (
          <>
            <span role="status">
              {change.isSuccess && policy === app.guests && t('access.saved')}
            </span>
            <Button
              loading={change.isPending}
              disabled={policy === app.guests}
              onClick={() => change.mutate({ guests: policy })}
            >
              {t('access.save')}
            </Button>
          </>
        )
      }
    >
      {change.error && <ProblemNotice error={change.error} />}
      <RadioCards
        label={t('access.guests_policy')}
        value={policy}
        isDisabled={!mayChange('apps')}
        options={POLICIES.map((value) => ({
          value,
          label: t(`guests.${value}`),
          help: t(`guests_help.${value}`),
        }))}
        onChoose={setPolicy}
      />
    </Card>
  );
}
