import { Notice } from '@jumpa/ui';
import { Button, Textarea } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../parts/Card';
import { Fields } from '../../parts/Fields';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { useApp } from '../useApp';
import { useChangeApp } from '../useChangeApp';
import { readOrigins } from './readOrigins';

/** Which sites may show the calls. */
export function OriginsCard(): ReactNode {
  const { t } = useTranslation('client');
  const { app, mayChange } = useApp();
  const [text, setText] = useState(app.origins.join('\n'));
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const change = useChangeApp();
  const read = readOrigins(text);
  const isSame = read.wrong.length === 0 && read.origins.join() === app.origins.join();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(read.wrong);
    if (read.wrong.length === 0) change.mutate({ origins: [...read.origins] });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title={t('access.origins')}
        layout="beside"
        lead={t('access.origins_lead')}
        foot={
          mayChange('apps') && (
            <>
              <span role="status">{change.isSuccess && isSame && t('access.saved')}</span>
              <Button type="submit" loading={change.isPending} disabled={isSame}>
                {t('access.save')}
              </Button>
            </>
          )
        }
      >
        <Fields>
          {change.error && <ProblemNotice error={change.error} />}
          {app.origins.length === 0 && <Notice tone="info" title={t('access.origins_none')} />}
          <Textarea
            label={t('access.origins_label')}
            description={t('access.origins_help')}
            placeholder="https://app.kliniksehat.example"
            rows={4}
            spellCheck={false}
            readOnly={!mayChange('apps')}
            value={text}
            error={wrong.length > 0 && t('access.origins_wrong', { list: wrong.join(', ') })}
            styles={{ input: { fontFamily: 'var(--font-mono)' } }}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </Fields>
      </Card>
    </form>
  );
}
