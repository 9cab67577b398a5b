import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlatform } from '../api/platformSettings';

/** Where people ask for help, as the operator chose; nothing where no place was named. */
export function SupportLinks(): ReactNode {
  const { t } = useTranslation();
  const { support_url, support_email } = usePlatform();
  if (support_url === null && support_email === null) return null;
  return (
    <span className="button-row">
      {support_url !== null && (
        <a className="text-link" href={support_url} target="_blank" rel="noreferrer">
          {t('support.page')}
        </a>
      )}
      {support_email !== null && (
        <a className="text-link" href={`mailto:${support_email}`}>
          {t('support.mail', { email: support_email })}
        </a>
      )}
    </span>
  );
}
