import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import { useElementSize } from '../call/useElementSize';
import { useRoomState } from '../session/RoomContext';
import { ScreenTile } from '../tile/ScreenTile';
import { Tile } from '../tile/Tile';
import { arrange, type PlacedTile, SELF_MARGIN, tileKey } from './arrange';
import { orderPeople } from './orderPeople';
import { Pager } from './Pager';
import styles from './Stage.module.css';
import { useSelfView } from './useSelfView';

/** Everybody on the dark canvas, arranged by number, layout and who speaks. */
export function Stage(): ReactNode {
  const { t } = useTranslation();
  const state = useRoomState();
  const { ui, dispatch } = useCallUi();
  const [ref, size] = useElementSize<HTMLElement>();
  const order = useRef<readonly string[]>([]);
  const firstPageSize = useRef(49);
  const speakerId = useLastSpeaker(state.speakers, state.localId);

  order.current = orderPeople(
    order.current,
    state.participants,
    state.speakers,
    firstPageSize.current,
  );
  const people = order.current;
  const screens = useMemo(
    () =>
      state.participants
        .filter((person) => person.screen === 'live' && !person.isLocal)
        .map((person) => person.id),
    [state.participants],
  );
  const arrangement = useMemo(
    () =>
      arrange({
        ...size,
        people,
        localId: state.localId,
        screens,
        mode: ui.mode,
        pinned: ui.pinned,
        speakerId,
        page: ui.page,
        selfCorner: ui.selfCorner,
      }),
    [size, people, state.localId, screens, ui.mode, ui.pinned, speakerId, ui.page, ui.selfCorner],
  );
  firstPageSize.current = arrangement.firstPageSize;
  const selfView = useSelfView(size);

  const isSpeaking = new Set(state.speakers);
  const paused = new Set(state.pausedVideos.map((key) => tileKey(key.participantId, key.source)));
  const byId = new Map(state.participants.map((person) => [person.id, person]));
  const selfTile = arrangement.tiles.find((tile) => tile.role === 'self');
  const draw = (tile: PlacedTile) => {
    const person = byId.get(tile.participantId);
    if (!person) return null;
    const shared = {
      person,
      tile,
      isPinned: ui.pinned === tile.key,
      isPaused: paused.has(tile.key),
      onTogglePin: () => dispatch({ type: 'pin_toggled', key: tile.key }),
    };
    if (tile.source === 'screen') {
      return <ScreenTile key={tile.key} {...shared} canPin={screens.length > 1} />;
    }
    return (
      <Tile
        key={tile.key}
        {...shared}
        isSpeaking={isSpeaking.has(person.id)}
        covered={
          selfTile && tile.role === 'main'
            ? { corner: ui.selfCorner, width: selfTile.rect.width + SELF_MARGIN }
            : undefined
        }
        {...(tile.role === 'self' && { frameProps: selfView })}
      />
    );
  };
  const isMeasured = size.width > 0 && size.height > 0;

  return (
    <section className={styles.stage} aria-label={t('call.landmark_stage')} ref={ref}>
      {isMeasured && <ul className={styles.tiles}>{arrangement.tiles.map(draw)}</ul>}
      {isMeasured && (
        <Pager
          page={arrangement.page}
          pageCount={arrangement.pageCount}
          area={arrangement.pagedArea}
          onChoose={(page) => dispatch({ type: 'page_chosen', page })}
        />
      )}
    </section>
  );
}

/** Who speaks besides oneself; the last one stays while nobody does. */
function useLastSpeaker(speakers: readonly string[], localId: string | null): string | null {
  const current = speakers.find((id) => id !== localId) ?? null;
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (current) last.current = current;
  }, [current]);
  return current ?? last.current;
}
