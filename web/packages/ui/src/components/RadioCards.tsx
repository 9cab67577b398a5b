import { type ReactNode, useId } from 'react';
import { ChoiceGroup } from './ChoiceGroup';
import styles from './OptionCards.module.css';

export interface RadioCardsProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { readonly value: Value; readonly label: string; readonly help?: string }[];
  isDisabled?: boolean;
  onChoose: (value: Value) => void;
}

/** One of a few choices, each with a sentence that says what it means. */
export function RadioCards<Value extends string>({
  label,
  value,
  options,
  isDisabled = false,
  onChoose,
}: RadioCardsProps<Value>): ReactNode {
  const name = useId();
  return (
    <ChoiceGroup label={label} isDisabled={isDisabled}>
      <div className={styles.options}>
        {options.map((option) => (
          <label key={option.value} className={styles.option}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChoose(option.value)}
            />
            <span className={styles.words}>
              <span className={styles.label}>{option.label}</span>
              {option.help && <span className={styles.help}>{option.help}</span>}
            </span>
          </label>
        ))}
      </div>
    </ChoiceGroup>
  );
}
