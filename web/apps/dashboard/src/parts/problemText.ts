import { ApiProblem } from '@jumpa/api-client';
import { useTranslation } from 'react-i18next';

/** Codes that have their own words in `problem` of the texts. */
const KNOWN = [
  'app_unknown',
  'email_taken',
  'forbidden',
  'internal',
  'invalid_value',
  'login_failed',
  'not_found',
  'one_time_token_invalid',
  'server_unreachable',
  'too_many_attempts',
  'unauthenticated',
  'busy',
] as const;
type Known = (typeof KNOWN)[number];

/** Gives the words for an error: what happened, and what to do next. */
export function useProblemText(): (error: Error) => { title: string; next: string } {
  const { t } = useTranslation();
  return (error) => {
    const code = error instanceof ApiProblem ? error.code : 'internal';
    const known: Known = KNOWN.find((candidate) => candidate === code) ?? 'internal';
    const title = t(`problem.${known}`);
    if (error instanceof ApiProblem && error.retryAfterMs !== null) {
      const count = Math.max(1, Math.ceil(error.retryAfterMs / 60_000));
      return { title, next: t('problem_next.wait', { count }) };
    }
    return { title, next: t(`problem_next.${known}`) };
  };
}
