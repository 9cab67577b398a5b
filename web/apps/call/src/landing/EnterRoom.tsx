import { Button, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseRoomInput } from '../route';
import styles from './EnterRoom.module.css';

export interface EnterRoomProps {
  /** The app whose own domain this is, or `null` where rooms are named with their app. */
  appId: string | null;
}

/** The way into a room for people who hold a link or a name. */
export function EnterRoom({ appId }: EnterRoomProps): ReactNode {
  const { t } = useTranslation('pages');
  const [input, setInput] = useState('');
  const [isInvalid, setInvalid] = useState(false);
  const { host, origin } = window.location;
  const kind = appId === null ? 'landing' : 'app_landing';
  const example = appId === null ? `${host}/app-id/room` : `${host}/room`;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const address = parseRoomInput(input, origin, appId);
    if (address) window.location.assign(address);
    else setInvalid(true);
  };

  return (
    <form className={styles.enter} onSubmit={submit} noValidate>
      <TextInput
        size="lg"
        label={t(`${kind}.enter_label`)}
        description={t(`${kind}.enter_help`)}
        placeholder={t(`${kind}.enter_placeholder`)}
        value={input}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        error={isInvalid ? t('landing.enter_invalid', { example }) : undefined}
        onChange={(event) => {
          setInput(event.currentTarget.value);
          setInvalid(false);
        }}
      />
      <Button type="submit" size="lg">
        {t('landing.enter_action')}
      </Button>
    </form>
  );
}
