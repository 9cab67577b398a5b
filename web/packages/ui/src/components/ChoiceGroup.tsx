import { type ReactNode, useId } from 'react';
import styles from './ChoiceGroup.module.css';

export interface ChoiceGroupProps {
  label: string;
  isDisabled?: boolean;
  /** What is wrong with what was chosen; read out as soon as it is there. */
  error?: string | null;
  children: ReactNode;
}

/** Choices that belong together under one name. */
export function ChoiceGroup({
  label,
  isDisabled = false,
  error = null,
  children,
}: ChoiceGroupProps): ReactNode {
  const errorId = useId();
  return (
    <fieldset
      className={styles.group}
      disabled={isDisabled}
      {...(error && { 'aria-describedby': errorId })}
    >
      <legend className={styles.legend}>{label}</legend>
      {children}
      {error && (
        <p id={errorId} className={styles.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
