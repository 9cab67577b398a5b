import { RadioCards } from '@jumpa/ui';
import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClientApp } from '../../api/clientApps';
import type { PreparedRoom } from '../../api/preparedRooms';
import { SwitchRow } from '../../parts/SwitchRow';
import styles from './PrepareDialog.module.css';
import { PASSWORD_CHOICES, type PreparationForm, type PreparationProblem } from './preparation';

export interface PreparationFieldsProps {
  form: PreparationForm;
  /** What is prepared already. */
  before: PreparedRoom | null;
  app: ClientApp;
  /** IANA name of the clock that times follow. */
  zone: string;
  problems: readonly PreparationProblem[];
  isReadOnly: boolean;
  onChange: (more: Partial<PreparationForm>) => void;
}

/** Who may come into a room, and until when that holds. */
export function PreparationFields({
  form,
  before,
  app,
  zone,
  problems,
  isReadOnly,
  onChange,
}: PreparationFieldsProps): ReactNode {
  const { t } = useTranslation('rooms');
  const wrong = (field: PreparationProblem) =>
    problems.includes(field) && t(`prepare.wrong.${field}`);
  const hadPassword = before?.has_password === true;
  return (
    <>
      {hadPassword && !isReadOnly && (
        <RadioCards
          label={t('password')}
          value={form.password}
          options={PASSWORD_CHOICES.map((value) => ({
            value,
            label: t(`prepare.password_${value}`),
          }))}
          onChoose={(password) => onChange({ password })}
        />
      )}
      <div className="two-columns">
        {isReadOnly && (
          <TextInput
            label={t('password')}
            description={t('prepare.password_hidden')}
            value={hadPassword ? t('prepare.password_set') : t('prepare.password_unset')}
            readOnly
          />
        )}
        {!isReadOnly && form.password === 'new' && (
          <TextInput
            label={hadPassword ? t('prepare.new_password') : t('password')}
            description={hadPassword ? t('password_help') : t('prepare.password_help')}
            value={form.newPassword}
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            error={wrong('password')}
            onChange={(event) => onChange({ newPassword: event.currentTarget.value })}
          />
        )}
        <TextInput
          label={t('prepare.most')}
          description={
            app.limits.max_participants === null
              ? t('prepare.most_help')
              : t('prepare.most_help_app', { count: app.limits.max_participants })
          }
          inputMode="numeric"
          autoComplete="off"
          value={form.most}
          error={wrong('most')}
          onChange={(event) => onChange({ most: event.currentTarget.value })}
        />
      </div>
      <SwitchRow
        label={t('prepare.lobby')}
        help={t('prepare.lobby_help')}
        isOn={form.hasLobby}
        isDisabled={isReadOnly}
        onSwitch={(hasLobby) => onChange({ hasLobby })}
      />
      <TextInput
        type="datetime-local"
        classNames={{ input: styles.until ?? '' }}
        label={t('prepare.until')}
        description={t('prepare.until_help', { zone })}
        value={form.until}
        error={wrong('until')}
        onChange={(event) => onChange({ until: event.currentTarget.value })}
      />
    </>
  );
}
