import { Button, Textarea } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconStar, IconStarFilled } from '../icons';
import styles from './Rating.module.css';
import {
  ASK_REASONS_UP_TO,
  RATING_REASONS,
  type RatingReason,
  STARS,
  type Stars,
  sendRating,
} from './rating';

/** Longest comment, characters. */
const MAX_COMMENT_CHARS = 1_000;

export interface RatingProps {
  token: string;
}

/** One to five stars, and what was not good. */
export function Rating({ token }: RatingProps): ReactNode {
  const { t } = useTranslation();
  const [stars, setStars] = useState<Stars | null>(null);
  const [hovered, setHovered] = useState<Stars | null>(null);
  const [reasons, setReasons] = useState<ReadonlySet<RatingReason>>(new Set());
  const [comment, setComment] = useState('');
  const [status, setStatus] = useState<'open' | 'sending' | 'sent' | 'failed'>('open');
  const shown = hovered ?? stars ?? 0;

  const toggle = (reason: RatingReason) => {
    const next = new Set(reasons);
    if (!next.delete(reason)) next.add(reason);
    setReasons(next);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!stars) return;
    setStatus('sending');
    try {
      const told = stars <= ASK_REASONS_UP_TO ? [...reasons] : [];
      await sendRating(token, { stars, reasons: told, comment });
      setStatus('sent');
    } catch {
      setStatus('failed');
    }
  };

  if (status === 'sent') {
    return (
      <p className={styles.thanks} role="status">
        {t('left.rate_thanks')}
      </p>
    );
  }
  return (
    <form className={styles.rating} onSubmit={submit}>
      <fieldset className={styles.stars} onPointerLeave={() => setHovered(null)}>
        <legend className={styles.heading}>{t('left.rate_heading')}</legend>
        {STARS.map((value) => (
          <label
            key={value}
            className={styles.star}
            data-lit={value <= shown}
            onPointerEnter={() => setHovered(value)}
          >
            <input
              type="radio"
              name="stars"
              value={value}
              checked={stars === value}
              aria-label={`${t('left.rate_star', { count: value })}: ${t(`left.rate_${value}`)}`}
              onChange={() => setStars(value)}
            />
            {value <= shown ? (
              <IconStarFilled aria-hidden="true" />
            ) : (
              <IconStar aria-hidden="true" />
            )}
          </label>
        ))}
      </fieldset>
      <p className={styles.word} aria-hidden="true">
        {shown > 0 && t(`left.rate_${shown as Stars}`)}
      </p>
      {stars && (
        <>
          {stars <= ASK_REASONS_UP_TO && (
            <fieldset className={styles.reasons}>
              <legend className={styles.question}>{t('left.rate_reasons')}</legend>
              {RATING_REASONS.map((reason) => (
                <button
                  key={reason}
                  type="button"
                  className={styles.chip}
                  aria-pressed={reasons.has(reason)}
                  onClick={() => toggle(reason)}
                >
                  {t(`left.reason.${reason}`)}
                </button>
              ))}
            </fieldset>
          )}
          <Textarea
            label={t('left.rate_comment')}
            value={comment}
            maxLength={MAX_COMMENT_CHARS}
            rows={2}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
          {status === 'failed' && (
            <p className={styles.problem} role="alert">
              {t('left.rate_failed')}
            </p>
          )}
          <Button type="submit" loading={status === 'sending'}>
            {t('left.rate_send')}
          </Button>
        </>
      )}
    </form>
  );
}
