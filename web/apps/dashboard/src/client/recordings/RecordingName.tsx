import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedRecording } from '../../api/recordings';
import { Moment } from '../../parts/Moment';
import { Poster } from './Poster';
import styles from './RecordingName.module.css';

export interface RecordingNameProps {
  tenant: string;
  recording: ListedRecording;
  /** The app's name; `null` where there is one app only. */
  app: string | null;
  zone: string | undefined;
}

/** What a recording is found by: its picture, its room, and on a phone when it was. */
export function RecordingName({ tenant, recording, app, zone }: RecordingNameProps): ReactNode {
  const { t } = useTranslation('recordings');
  const kind = t(`kind.${recording.kind}`);
  return (
    <span className={styles.name}>
      <Poster recording={recording} />
      <span className={styles.words}>
        <Link
          to="/t/$tenantId/recordings/$recordingId"
          params={{ tenantId: tenant, recordingId: recording.id }}
          data-row-link
        >
          {recording.room}
        </Link>
        <span className={styles.second}>{app ? t('kind_in_app', { kind, app }) : kind}</span>
        <span className={styles.when}>
          <Moment at={recording.started_at ?? recording.queued_at} zone={zone} />
        </span>
      </span>
    </span>
  );
}

/** Its place while recordings are loaded, as high as they are. */
export function NameSkeleton(): ReactNode {
  return (
    <span className={styles.name}>
      <span className={styles.picture} />
      <span className={styles.line} />
    </span>
  );
}
