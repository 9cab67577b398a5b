import { ApiProblem } from '@jumpa/api-client';
import { useTranslation } from 'react-i18next';
import type texts from '../../locales/en/common.json';

/** Codes that have their own words. */
type Known = keyof typeof texts.problem;

/** Gives the words for an error: what happened, and what to do next. */
export function useProblemText(): (error: Error) => { title: string; next: string } {
  const { t, i18n } = useTranslation();
  return (error) => {
    const code = error instanceof ApiProblem ? error.code : 'internal';
    const known = i18n.exists(`common:problem.${code}`) ? (code as Known) : 'internal';
    const title = t(`problem.${known}`);
    if (error instanceof ApiProblem && error.retryAfterMs !== null) {
      const count = Math.max(1, Math.ceil(error.retryAfterMs / 60_000));
      return { title, next: t('problem_next.wait', { count }) };
    }
    return { title, next: t(`problem_next.${known}`) };
  };
}
