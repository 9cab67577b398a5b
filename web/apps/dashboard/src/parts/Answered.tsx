import { ApiProblem } from '@jumpa/api-client';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { NoPermission } from './NoPermission';
import { ProblemNotice } from './ProblemNotice';

export interface AnsweredProps<Data> {
  query: UseQueryResult<Data>;
  /** Drawn until the answer is there. */
  skeleton: ReactNode;
  /** What could not be done: "The numbers could not be loaded." */
  failed: string;
  children: (data: Data) => ReactNode;
}

/** Waits for an answer; says when it failed or may not be seen. */
export function Answered<Data>({
  query,
  skeleton,
  failed,
  children,
}: AnsweredProps<Data>): ReactNode {
  const { data, error, isPending } = query;
  const retry = () => {
    query.refetch().catch(() => undefined);
  };
  if (data !== undefined) {
    return (
      <>
        {error && <ProblemNotice error={error} title={failed} onRetry={retry} />}
        {children(data)}
      </>
    );
  }
  if (isPending) return skeleton;
  const isForbidden = error instanceof ApiProblem && error.code === 'forbidden';
  return isForbidden ? (
    <NoPermission />
  ) : (
    error && <ProblemNotice error={error} title={failed} onRetry={retry} />
  );
}
