import { type ReactNode, useState } from 'react';
import type { ListedRecording } from '../../api/recordings';
import { IconBroadcast, IconMicrophone, IconRecord, IconVideo } from '../../icons';
import styles from './Poster.module.css';
import { clockText } from './tracks';

const ICONS: Readonly<Record<ListedRecording['kind'], typeof IconVideo>> = {
  tracks: IconRecord,
  composite: IconVideo,
  audio_only: IconMicrophone,
  stream: IconBroadcast,
};

/** A small picture of a recording; a sign of its kind where there is none. Names stand beside it. */
export function Poster({ recording }: { recording: ListedRecording }): ReactNode {
  const { poster, kind, duration_ms } = recording;
  const [shown, setShown] = useState(poster);
  const [broken, setBroken] = useState<string | null>(null);
  // Each answer brings a new link: the picture is loaded again only when the one it has cannot be used.
  const isSpent = shown === null || Date.parse(shown.expires_at) <= Date.now();
  if (poster !== null && poster.url !== shown?.url && (isSpent || broken === shown.url)) {
    setShown(poster);
  }
  const url = poster && shown && broken !== shown.url ? shown.url : null;
  const Icon = ICONS[kind];
  return (
    <span className={styles.poster} aria-hidden="true">
      {url ? (
        <img src={url} alt="" loading="lazy" decoding="async" onError={() => setBroken(url)} />
      ) : (
        <Icon />
      )}
      {duration_ms !== null && <span className={styles.length}>{clockText(duration_ms)}</span>}
    </span>
  );
}
