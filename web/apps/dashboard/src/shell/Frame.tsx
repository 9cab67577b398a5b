import { Logo } from '@jumpa/ui';
import { Drawer } from '@mantine/core';
import '@mantine/core/styles/CloseButton.layer.css';
import '@mantine/core/styles/Drawer.layer.css';
import '@mantine/core/styles/ModalBase.layer.css';
import '@mantine/core/styles/Overlay.layer.css';
import '@mantine/core/styles/Paper.layer.css';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { Link, useRouterState } from '@tanstack/react-router';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconMenu2 } from '../icons';
import styles from './Frame.module.css';
import { UserMenu } from './UserMenu';

export interface FrameProps {
  /** Where one is and can switch to: the area, the tenant, the app. */
  top: ReactNode;
  /** Whose area it is, in the bar of phones and tablets: the organisation. */
  place?: string | undefined;
  /** The links. */
  navigation: ReactNode;
  /** Above the content, over its whole width: "you only look". */
  banner?: ReactNode;
  children: ReactNode;
}

/** The frame of both areas: navigation at the left, in a drawer on phones, and the content. */
export function Frame({ top, place, navigation, banner, children }: FrameProps): ReactNode {
  const { t } = useTranslation();
  const [isOpen, drawer] = useDisclosure(false);
  const isWide = useMediaQuery('(min-width: 960px)', true, { getInitialValueInEffect: false });
  const path = useRouterState({ select: (state) => state.location.pathname });
  const content = useRef<HTMLElement>(null);
  useFocusOfNewScreen(content);
  // Whoever chose a link wants to see where it leads.
  // biome-ignore lint/correctness/useExhaustiveDependencies: closing follows the path alone
  useEffect(drawer.close, [path]);

  const side = (
    <>
      <div className={styles.top}>{top}</div>
      <nav className={styles.navigation} aria-label={t('shell.navigation')}>
        {navigation}
      </nav>
      <div className={styles.user}>
        <UserMenu />
      </div>
    </>
  );
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {t('shell.skip')}
      </a>
      {isWide ? (
        <header className={styles.side}>
          <Link to="/" className={styles.home} aria-label={t('shell.home')}>
            <Logo />
          </Link>
          {side}
        </header>
      ) : (
        <header className={styles.bar}>
          <button
            type="button"
            className={styles.menu}
            aria-label={t('shell.open_navigation')}
            aria-expanded={isOpen}
            onClick={drawer.open}
          >
            <IconMenu2 aria-hidden="true" />
          </button>
          <Link to="/" className={styles.home} aria-label={t('shell.home')}>
            <Logo />
          </Link>
          {place && <p className={styles.place}>{place}</p>}
        </header>
      )}
      <Drawer
        opened={isOpen && !isWide}
        onClose={drawer.close}
        size={300}
        padding={0}
        title={<Logo />}
        classNames={{
          content: styles.drawer ?? '',
          header: styles.drawerHead ?? '',
          body: styles.drawerBody ?? '',
        }}
        overlayProps={{ className: styles.backdrop ?? '' }}
        closeButtonProps={{ 'aria-label': t('shell.close_navigation'), size: 40 }}
        transitionProps={{ duration: 160 }}
      >
        {side}
      </Drawer>
      <main className={styles.content} id="content" tabIndex={-1} ref={content}>
        {banner}
        {children}
      </main>
    </div>
  );
}

/**
 * Moves the focus to the title of a screen that took the place of another.
 *
 * Nothing is loaded then that a screen reader would speak of, and what was focused may be gone.
 */
function useFocusOfNewScreen(content: RefObject<HTMLElement | null>): void {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    const isNew = before.current !== undefined && before.current !== path;
    before.current = path;
    if (!isNew) return;
    const title = content.current?.querySelector('h1') ?? content.current;
    title?.focus({ preventScroll: true });
  }, [path, content]);
}
