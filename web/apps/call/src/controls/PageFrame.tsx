import { Logo } from '@jumpa/ui';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useBrand } from '../branding/BrandContext';
import { FloatingLayer, FloatingLayerProvider } from './FloatingLayer';
import styles from './PageFrame.module.css';

const PageMenu = lazy(async () => ({ default: (await import('./PageMenu')).PageMenu }));

export interface PageFrameProps {
  /** At the right end of the head. */
  aside?: ReactNode;
  /** Width of the content: `narrow` for a form, `wide` for prejoin and lists. */
  size?: 'narrow' | 'wide';
  /** Content begins at the top instead of standing in the middle: for lists. */
  isTop?: boolean;
  children: ReactNode;
}

/** The frame of every page outside the call: logo, language and appearance, content. */
export function PageFrame({
  aside,
  size = 'narrow',
  isTop = false,
  children,
}: PageFrameProps): ReactNode {
  return (
    <FloatingLayerProvider>
      <div className={styles.page}>
        <header className={styles.head}>
          <Home />
          <div className={styles.aside}>
            {aside}
            <Suspense fallback={<span className={styles.menuSpace} />}>
              <PageMenu />
            </Suspense>
          </div>
        </header>
        <main className={styles.main} data-size={size} data-top={isTop}>
          {children}
          <FloatingLayer />
        </main>
      </div>
    </FloatingLayerProvider>
  );
}

/** Whose page it is: the app's own sign and name, or the server's. */
function Home(): ReactNode {
  const { name, branding } = useBrand();
  const [isBroken, setBroken] = useState(false);
  const logo = isBroken ? null : branding.logoUrl;
  if (logo === null && branding.displayName === null) {
    return (
      <a href="/" className={styles.home}>
        <Logo />
      </a>
    );
  }
  return (
    <p className={styles.brand}>
      {logo !== null && (
        <img
          className={styles.brandLogo}
          src={logo}
          alt=""
          referrerPolicy="no-referrer"
          onError={() => setBroken(true)}
        />
      )}
      <span className={styles.brandName}>{name}</span>
    </p>
  );
}
