import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { cssVariablesResolver } from './cssVariablesResolver';
import { theme as baseTheme } from './theme';

/** Where the chosen scheme (`light`, `dark`, `auto`) is remembered. */
const colorSchemeManager = localStorageColorSchemeManager({ key: 'jumpa.theme' });

export interface UiProviderProps {
  /** Of the size that the screens are read at; default: a call's. */
  theme?: typeof baseTheme;
  /** Holds light or dark fixed, whatever the person chose. */
  scheme?: 'light' | 'dark' | null;
  children: ReactNode;
}

/** Gives the tree the theme and follows the system between light and dark until somebody chooses. */
export function UiProvider({
  theme = baseTheme,
  scheme = null,
  children,
}: UiProviderProps): ReactNode {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
      {...(scheme && { forceColorScheme: scheme })}
      deduplicateCssVariables={false}
      withStaticClasses={false}
    >
      {children}
    </MantineProvider>
  );
}
