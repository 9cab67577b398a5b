import { Checkbox } from '@mantine/core';
import '@mantine/core/styles/Checkbox.layer.css';
import { RadioCards } from '@jumpa/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Webhooks.module.css';
import { EVENT_GROUP_NAMES, EVERY_EVENT, type EventChoice, eventsOf } from './webhookEvents';

export interface EventPickerProps {
  events: readonly EventChoice[];
  error: string | null;
  onChoose: (events: readonly EventChoice[]) => void;
}

/** Which events an endpoint hears of: every one, or some. */
export function EventPicker({ events, error, onChoose }: EventPickerProps): ReactNode {
  const { t } = useTranslation('webhooks');
  const isEvery = events.includes(EVERY_EVENT);
  const toggle = (event: EventChoice, isWanted: boolean) =>
    onChoose(isWanted ? [...events, event] : events.filter((one) => one !== event));
  return (
    <div>
      <RadioCards
        label={t('events')}
        value={isEvery ? 'every' : 'some'}
        options={[
          { value: 'every', label: t('every_event'), help: t('every_event_help') },
          { value: 'some', label: t('some_events') },
        ]}
        onChoose={(which) => onChoose(which === 'every' ? [EVERY_EVENT] : [])}
      />
      {!isEvery && (
        <div className={styles.groups}>
          {EVENT_GROUP_NAMES.map((group) => (
            <fieldset key={group} className={styles.group}>
              <legend className={styles.label}>{t(`group.${group}`)}</legend>
              {eventsOf(group).map((event) => (
                <Checkbox
                  key={event}
                  label={<code className="mono">{event}</code>}
                  checked={events.includes(event)}
                  onChange={(change) => toggle(event, change.currentTarget.checked)}
                />
              ))}
            </fieldset>
          ))}
        </div>
      )}
      {error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
