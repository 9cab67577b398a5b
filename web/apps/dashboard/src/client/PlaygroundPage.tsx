import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../parts/Page';
import styles from './PlaygroundPage.module.css';
import { TokenMaker } from './TokenMaker';
import { TokenReader } from './TokenReader';
import { WithApp } from './WithApp';

/** Makes a token to try a room with, and says what is wrong with others. */
export function PlaygroundPage(): ReactNode {
  const { t } = useTranslation('client');
  return (
    <WithApp>
      <Page title={t('playground.heading')} lead={t('playground.lead')}>
        <Playground />
      </Page>
    </WithApp>
  );
}

function Playground(): ReactNode {
  const [token, setToken] = useState('');
  return (
    <div className={styles.columns}>
      <TokenMaker onMade={setToken} />
      <TokenReader token={token} onChange={setToken} />
    </div>
  );
}
