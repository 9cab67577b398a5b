import { useTranslation } from 'react-i18next';
import type texts from '../../locales/en/platform.json';
import type { HealthFinding } from '../api/platform';

type Texts = typeof texts.health;

/** What a finding says, and in which language; `null` is that of the page. */
export interface HealthWords {
  readonly lang: 'en' | null;
  readonly subject: string;
  readonly facts: string;
  readonly remedy: string | null;
}

/** Says findings in the language of the page; those of a newer server in the server's English. */
export function useHealthWords(): (finding: HealthFinding) => HealthWords {
  const { t, i18n } = useTranslation('platform');
  return ({ code, params, subject, facts, remedy }) => {
    const place = subject.replaceAll(' ', '_') as keyof Texts['subject'];
    const isKnown =
      i18n.exists(`platform:health.facts.${code}`) &&
      i18n.exists(`platform:health.subject.${place}`);
    if (!isKnown) return { lang: 'en', subject, facts, remedy };
    return {
      lang: null,
      subject: t(`health.subject.${place}`),
      facts: t(`health.facts.${code}`, { replace: params }),
      remedy: remedy && t(`health.remedy.${code as keyof Texts['remedy']}`, { replace: params }),
    };
  };
}
