import type { CSSProperties, ReactNode } from 'react';
import styles from './Avatar.module.css';
import { avatarColorIndex, initials } from './initials';

export interface AvatarProps {
  /** Whose; gives initials and colour. */
  name: string;
  /** Address of a picture; initials stand in until it is there. */
  src?: string | undefined;
  /** Diameter: a CSS length. Default 36px. */
  size?: string;
}

/** A round picture or initials. Decorative: the name stands beside it as text. */
export function Avatar({ name, src, size = '36px' }: AvatarProps): ReactNode {
  const color = avatarColorIndex(name);
  const style = {
    '--avatar-size': size,
    '--avatar-from': `var(--avatar-${color}-from)`,
    '--avatar-to': `var(--avatar-${color}-to)`,
  } as CSSProperties;
  return (
    <span className={styles.avatar} style={style} aria-hidden="true">
      <span className={styles.initials}>{initials(name)}</span>
      {src && <img className={styles.picture} src={src} alt="" referrerPolicy="no-referrer" />}
    </span>
  );
}
