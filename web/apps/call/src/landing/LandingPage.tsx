import { Button, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageFrame } from '../controls/PageFrame';
import { parseRoomInput } from '../route';
import styles from './LandingPage.module.css';

/** The start page: what this is, and the way into a room. */
export function LandingPage(): ReactNode {
  const { t } = useTranslation('pages');
  const [input, setInput] = useState('');
  const [isInvalid, setInvalid] = useState(false);
  const { host, origin } = window.location;
  const example = `${host}/app-id/room`;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const address = parseRoomInput(input, origin);
    if (address) window.location.assign(address);
    else setInvalid(true);
  };

  return (
    <PageFrame
      size="wide"
      aside={
        <a className={styles.signIn} href="/dashboard">
          {t('landing.sign_in')}
        </a>
      }
    >
      <div className={styles.columns}>
        <div>
          <h1 className={styles.heading}>{t('landing.heading')}</h1>
          <p className={styles.lead}>{t('landing.lead')}</p>
          <form className={styles.enter} onSubmit={submit} noValidate>
            <TextInput
              size="lg"
              label={t('landing.enter_label')}
              description={t('landing.enter_help')}
              placeholder={t('landing.enter_placeholder')}
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
        </div>
        <section className={styles.how}>
          <h2 className={styles.howHeading}>{t('landing.how_heading')}</h2>
          <p className={styles.address}>
            {host}/<mark>app-id</mark>/<mark>room</mark>
          </p>
          <ul className={styles.facts}>
            <li>{t('landing.how_link')}</li>
            <li>{t('landing.how_docs')}</li>
            <li>{t('landing.how_token')}</li>
          </ul>
        </section>
      </div>
    </PageFrame>
  );
}
