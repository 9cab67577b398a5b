import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppLimits } from '../api/clientApps';
import { LIMITS, type LimitTexts } from './limitTexts';

export interface LimitFieldsProps {
  texts: LimitTexts;
  wrong: ReadonlySet<keyof AppLimits>;
  onChange: (texts: LimitTexts) => void;
}

/** How much an app may use; an empty field is without limit. */
export function LimitFields({ texts, wrong, onChange }: LimitFieldsProps): ReactNode {
  const { t } = useTranslation(['operator', 'client']);
  return (
    <div className="two-columns">
      {LIMITS.map((limit) => (
        <TextInput
          key={limit}
          label={t(`app.limit.${limit}`)}
          inputMode="numeric"
          autoComplete="off"
          placeholder={limit === 'max_participants' ? '' : t('client:limits.none')}
          value={texts[limit]}
          error={wrong.has(limit) && t('app.limit_wrong')}
          onChange={(event) => onChange({ ...texts, [limit]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
}
