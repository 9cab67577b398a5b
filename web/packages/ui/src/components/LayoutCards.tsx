import { type ReactNode, useId } from 'react';
import { ChoiceGroup } from './ChoiceGroup';
import styles from './LayoutCards.module.css';

/** Where people stand in a picture of everybody. */
export type PictureLayout = 'grid' | 'speaker' | 'side_by_side' | 'single';

/** Every layout, the usual one first. */
export const PICTURE_LAYOUTS: readonly PictureLayout[] = [
  'grid',
  'speaker',
  'side_by_side',
  'single',
];

/** The tiles of each picture: left, top, width, height on a canvas of 64 × 36. */
const TILES: Readonly<
  Record<PictureLayout, readonly (readonly [number, number, number, number])[]>
> = {
  grid: [
    [4, 4, 27, 13],
    [33, 4, 27, 13],
    [4, 19, 27, 13],
    [33, 19, 27, 13],
  ],
  speaker: [
    [10, 4, 44, 20],
    [10, 26, 13, 6],
    [25.5, 26, 13, 6],
    [41, 26, 13, 6],
  ],
  side_by_side: [
    [4, 8, 27, 20],
    [33, 8, 27, 20],
  ],
  single: [[4, 4, 56, 28]],
};

export interface LayoutCardsProps {
  label: string;
  value: PictureLayout;
  /** How each layout is called. */
  names: Readonly<Record<PictureLayout, string>>;
  isDisabled?: boolean;
  onChoose: (layout: PictureLayout) => void;
}

/** Chooses where people stand, by little pictures. */
export function LayoutCards({
  label,
  value,
  names,
  isDisabled = false,
  onChoose,
}: LayoutCardsProps): ReactNode {
  const group = useId();
  return (
    <ChoiceGroup label={label} isDisabled={isDisabled}>
      <div className={styles.cards}>
        {PICTURE_LAYOUTS.map((layout) => (
          <label key={layout} className={styles.card}>
            <input
              type="radio"
              className={styles.input}
              name={group}
              value={layout}
              checked={layout === value}
              onChange={() => onChoose(layout)}
            />
            <svg className={styles.picture} viewBox="0 0 64 36" aria-hidden="true">
              {TILES[layout].map(([x, y, width, height]) => (
                <rect key={`${x} ${y}`} x={x} y={y} width={width} height={height} rx="2" />
              ))}
            </svg>
            <span className={styles.name}>{names[layout]}</span>
          </label>
        ))}
      </div>
    </ChoiceGroup>
  );
}
