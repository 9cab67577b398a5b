import { ApiProblem } from '@jumpa/api-client';
import { Notice } from '@jumpa/ui';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconAlertTriangle } from '../icons';
import { CopyButton } from './CopyButton';
import styles from './ProblemNotice.module.css';
import { useProblemText } from './problemText';

export interface ProblemNoticeProps {
  error: Error;
  /** What could not be done: "The apps could not be loaded". Default: what the error says. */
  title?: string;
  onRetry?: () => void;
}

/** Refusals whose detail helps: the rule of a field, and what a storage said. */
const TOLD = ['invalid_value', 'storage_refused', 'storage_unreachable'];

/** What went wrong, what to do next, and the request id to copy. */
export function ProblemNotice({ error, title, onRetry }: ProblemNoticeProps): ReactNode {
  const { t } = useTranslation();
  const text = useProblemText()(error);
  const requestId = error instanceof ApiProblem ? error.requestId : null;
  const detail = error instanceof ApiProblem && TOLD.includes(error.code) && error.detail;
  return (
    <Notice
      tone="danger"
      icon={<IconAlertTriangle />}
      title={title ?? text.title}
      actions={
        onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('action.try_again')}
          </Button>
        )
      }
    >
      {title && <p>{text.title}</p>}
      {detail && <p lang="en">{detail}</p>}
      <p>{text.next}</p>
      {requestId && (
        <p className={styles.request}>
          {t('problem_request')} <code>{requestId}</code>
          <CopyButton isSmall value={requestId} what={t('problem_request')} />
        </p>
      )}
    </Notice>
  );
}
