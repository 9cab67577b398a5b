import type { ReactNode } from 'react';
import styles from './Code.module.css';
import { CopyButton } from './CopyButton';

export interface CodeProps {
  /** The text, with a button that copies it. */
  copy: string;
  /** Shown instead when the text is long. */
  children?: ReactNode;
}

/** An id inside a line of text. */
export function Code({ copy, children }: CodeProps): ReactNode {
  return (
    <span className={styles.line}>
      <code className={styles.code} title={copy}>
        {children ?? copy}
      </code>
      <CopyButton isSmall value={copy} what={copy} />
    </span>
  );
}
