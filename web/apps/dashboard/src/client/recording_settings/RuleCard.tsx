import { Button } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../parts/Card';
import { Fields } from '../../parts/Fields';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { useApp } from '../useApp';
import { useChangeApp } from '../useChangeApp';
import { RuleFields } from './RuleFields';
import { ruleBody, ruleForm } from './recordingRule';
import { useRule } from './useRule';

/** Which calls of the app are recorded unasked and how, and whether there is a call without a recording. */
export function RuleCard(): ReactNode {
  const { t } = useTranslation('recordings');
  const { tenantId: tenant, app, mayChange } = useApp();
  const rule = useRule({ tenant, app: app.id }, () => ruleForm(app));
  const change = useChangeApp();
  const body = ruleBody(rule.form);
  const isSame = JSON.stringify(body) === JSON.stringify(ruleBody(ruleForm(app)));
  const isReadOnly = !mayChange('apps');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (rule.check()) change.mutate(body);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title={t('rule.heading')}
        lead={t('rule.lead')}
        layout="beside"
        foot={
          !isReadOnly && (
            <>
              <span role="status">{change.isSuccess && isSame && t('rule.saved')}</span>
              <Button type="submit" loading={change.isPending} disabled={isSame}>
                {t('rule.save')}
              </Button>
            </>
          )
        }
      >
        <Fields>
          {change.error && <ProblemNotice error={change.error} />}
          <RuleFields
            app={app}
            rule={rule}
            label={t('rule.choice')}
            words={(value) => ({ label: t(`rule.${value}`), help: t(`rule.${value}_help`) })}
            isDisabled={isReadOnly}
          />
        </Fields>
      </Card>
    </form>
  );
}
