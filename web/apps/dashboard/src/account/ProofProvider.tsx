import { ApiProblem } from '@jumpa/api-client';
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useState,
} from 'react';

/** Does an act; where the server wants a fresh proof, asks the person and does it again. */
export type WithProof = <Result>(act: () => Promise<Result>) => Promise<Result>;

const ProofContext = createContext<WithProof | null>(null);

const ProofDialog = lazy(async () => ({ default: (await import('./ProofDialog')).ProofDialog }));

/** The person closed the dialog: nothing was done, and nothing is wrong. */
export class ProofDeclined extends Error {
  override readonly name = 'ProofDeclined';
}

interface Question {
  readonly onProved: () => void;
  readonly onDeclined: () => void;
}

/** Asks for password or code where an act needs it, for everything inside. */
export function ProofProvider({ children }: { children: ReactNode }): ReactNode {
  const [question, setQuestion] = useState<Question | null>(null);
  const withProof = useCallback<WithProof>(async (act) => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'proof_required') throw error;
    }
    try {
      await new Promise<void>((resolve, reject) => {
        setQuestion({ onProved: resolve, onDeclined: () => reject(new ProofDeclined()) });
      });
    } finally {
      setQuestion(null);
    }
    return act();
  }, []);
  return (
    <ProofContext value={withProof}>
      {children}
      {question && (
        <Suspense>
          <ProofDialog {...question} />
        </Suspense>
      )}
    </ProofContext>
  );
}

/** For acts that a stolen session must not reach: the server may want password or code again. */
export function useProof(): WithProof {
  const withProof = useContext(ProofContext);
  if (!withProof) throw new Error('useProof outside of ProofProvider');
  return withProof;
}

/** The error of an act as a screen shows it: none where the person only closed the dialog. */
export function shownError(error: Error | null): Error | null {
  return error instanceof ProofDeclined ? null : error;
}
