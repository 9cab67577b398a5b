import { Button, Popover, TextInput, VisuallyHidden } from '@mantine/core';
import '@mantine/core/styles/VisuallyHidden.layer.css';
import '@mantine/core/styles/Popover.layer.css';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconCalendar, IconChevronDown } from '../icons';
import styles from './PeriodPicker.module.css';
import {
  isSpan,
  MOST_DAYS,
  type Period,
  type PeriodSearch,
  PRESETS,
  searchOf,
  spanOf,
} from './period';
import { TimeZoneNote } from './TimeZoneNote';
import { useNumberWords } from './useNumberWords';

export interface PeriodPickerProps {
  period: Period;
  /** IANA name of the clock that days follow. */
  zone: string;
  /** Today in that zone, `YYYY-MM-DD`. */
  today: string;
  /** Gives what belongs into the address. */
  onChoose: (search: PeriodSearch) => void;
}

/** Which days a screen is about: a few usual spans, or any two days. */
export function PeriodPicker({ period, zone, today, onChoose }: PeriodPickerProps): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  const [isOpen, setOpen] = useState(false);
  const choose = (search: PeriodSearch) => {
    setOpen(false);
    onChoose(search);
  };
  const span = words.span(period.from, period.until);
  const preset = period.preset !== 'custom' && t(`period.${period.preset}`);
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      width={320}
      offset={6}
      shadow="none"
      trapFocus
      returnFocus
      transitionProps={{ duration: 120, exitDuration: 0, transition: 'fade' }}
      classNames={{ dropdown: styles.dropdown ?? '' }}
    >
      <Popover.Target>
        <button type="button" className={styles.button} onClick={() => setOpen(!isOpen)}>
          <IconCalendar aria-hidden="true" />
          <span className={styles.words}>
            <VisuallyHidden>{t('period.is')} </VisuallyHidden>
            {preset && <span className={styles.preset}>{preset}</span>}
            <span className={styles.span}>{span}</span>
          </span>
          <IconChevronDown aria-hidden="true" />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('period.label')}>
        <ul className={styles.presets}>
          {PRESETS.map((preset) => {
            const days = spanOf(preset, today);
            return (
              <li key={preset}>
                <button
                  type="button"
                  className={styles.choice}
                  aria-pressed={preset === period.preset}
                  onClick={() => choose(searchOf(preset))}
                >
                  <span>{t(`period.${preset}`)}</span>
                  <span className={styles.days}>
                    {words.shortDay(days.from)} – {words.shortDay(days.until)}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
        <OtherDays
          key={`${period.from} ${period.until}`}
          period={period}
          today={today}
          onChoose={choose}
        />
        <div className={styles.zone}>
          <TimeZoneNote zone={zone} />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function OtherDays({ period, today, onChoose }: Omit<PeriodPickerProps, 'zone'>): ReactNode {
  const { t } = useTranslation('numbers');
  const [from, setFrom] = useState(period.from);
  const [until, setUntil] = useState(period.until);
  const isWrong = from === '' || until === '' || !isSpan(from, until);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isWrong) onChoose({ period: undefined, from, until });
  };
  return (
    <form className={styles.custom} onSubmit={submit}>
      <TextInput
        type="date"
        label={t('period.from')}
        value={from}
        max={today}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label={t('period.until')}
        value={until}
        min={from}
        max={today}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      {isWrong && from !== '' && from <= until && (
        <p className={styles.wrong} role="alert">
          {t('period.too_long', { count: MOST_DAYS })}
        </p>
      )}
      <Button type="submit" variant="default" disabled={isWrong}>
        {t('period.apply')}
      </Button>
    </form>
  );
}
