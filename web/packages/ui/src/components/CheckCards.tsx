import { type ReactNode, useId } from 'react';
import { ChoiceGroup } from './ChoiceGroup';
import styles from './OptionCards.module.css';

export interface CheckCardsProps {
  label: string;
  /** The values that are chosen, in the order of choosing. */
  chosen: readonly string[];
  options: readonly { readonly value: string; readonly label: string; readonly help?: string }[];
  isDisabled?: boolean;
  /** How many can be chosen; when there are as many, the others wait until one is given up. */
  most?: number;
  error?: string | null;
  onChoose: (chosen: readonly string[]) => void;
}

/** From how many choices on the list scrolls by itself. */
const MANY = 8;

/** Some of several choices. */
export function CheckCards({
  label,
  chosen,
  options,
  isDisabled = false,
  most = Number.POSITIVE_INFINITY,
  error = null,
  onChoose,
}: CheckCardsProps): ReactNode {
  const id = useId();
  return (
    <ChoiceGroup label={label} isDisabled={isDisabled} error={error}>
      <div className={styles.options} data-many={options.length > MANY}>
        {options.map(({ value, label: name, help }, index) => {
          const isChosen = chosen.includes(value);
          return (
            <label key={value} className={styles.option}>
              <input
                type="checkbox"
                checked={isChosen}
                disabled={!isChosen && chosen.length >= most}
                aria-labelledby={`${id}-${index}`}
                aria-invalid={error !== null}
                {...(help && { 'aria-describedby': `${id}-${index}-help` })}
                {...(index === 0 && { 'data-autofocus': true })}
                onChange={() =>
                  onChoose(
                    isChosen ? chosen.filter((other) => other !== value) : [...chosen, value],
                  )
                }
              />
              <span className={styles.words}>
                <span id={`${id}-${index}`} className={styles.label}>
                  {name}
                </span>
                {help && (
                  <span id={`${id}-${index}-help`} className={styles.help}>
                    {help}
                  </span>
                )}
              </span>
            </label>
          );
        })}
      </div>
    </ChoiceGroup>
  );
}
