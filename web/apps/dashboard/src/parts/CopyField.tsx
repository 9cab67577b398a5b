import { type ReactNode, useId } from 'react';
import { CopyButton } from './CopyButton';
import styles from './CopyField.module.css';

export interface CopyFieldProps {
  label: string;
  value: string;
  help?: string;
}

/** A text to take away, with a button that says that it copied. */
export function CopyField({ label, value, help }: CopyFieldProps): ReactNode {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields that are filled in
    <div role="group" aria-labelledby={id}>
      <p className={styles.label} id={id}>
        {label}
      </p>
      {help && <p className={styles.help}>{help}</p>}
      <div className={styles.box}>
        <code className={styles.value}>{value}</code>
        <CopyButton value={value} what={label} />
      </div>
    </div>
  );
}
