import { type ChangeEvent, type ReactNode, useId } from 'react';
import styles from './SelectField.module.css';

export interface SelectOption {
  readonly value: string;
  readonly label: string;
}

export interface SelectFieldProps {
  label: string;
  options: readonly SelectOption[];
  value: string | undefined;
  icon?: ReactNode;
  disabled?: boolean;
  onChoose: (value: string) => void;
}

/** A native list to choose from: every phone and screen reader knows how to use it. */
export function SelectField({
  label,
  options,
  value,
  icon,
  disabled = false,
  onChoose,
}: SelectFieldProps): ReactNode {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.box} data-with-icon={icon !== undefined}>
        {icon && (
          <span className={styles.icon} aria-hidden="true">
            {icon}
          </span>
        )}
        <select
          id={id}
          className={styles.select}
          value={value}
          disabled={disabled}
          onChange={(event: ChangeEvent<HTMLSelectElement>) => onChoose(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <svg className={styles.chevron} viewBox="0 0 16 16" aria-hidden="true">
          <path d="M4 6.5l4 4l4 -4" />
        </svg>
      </div>
    </div>
  );
}
