import type { CSSVariablesResolver } from '@mantine/core';

/** Points Mantine's own variables at the tokens, so that one file decides every colour. */
const fromTokens = {
  '--mantine-color-body': 'var(--color-surface)',
  '--mantine-color-text': 'var(--color-text)',
  '--mantine-color-dimmed': 'var(--color-text-muted)',
  '--mantine-color-placeholder': 'var(--color-text-muted)',
  '--mantine-color-anchor': 'var(--color-primary-text)',
  '--mantine-color-error': 'var(--color-danger-text)',
  '--mantine-color-default': 'var(--color-surface)',
  '--mantine-color-default-hover': 'var(--color-surface-hover)',
  '--mantine-color-default-color': 'var(--color-text)',
  '--mantine-color-default-border': 'var(--color-border-strong)',
  '--mantine-color-disabled': 'var(--color-surface-hover)',
  '--mantine-color-disabled-color': 'var(--color-text-muted)',
  '--mantine-primary-color-filled': 'var(--color-primary)',
  '--mantine-primary-color-filled-hover': 'var(--color-primary-hover)',
  '--mantine-color-laut-filled': 'var(--color-primary)',
  '--mantine-color-laut-filled-hover': 'var(--color-primary-hover)',
  '--mantine-color-cabai-filled': 'var(--color-danger)',
  '--mantine-color-cabai-filled-hover': 'var(--color-danger-hover)',
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: fromTokens,
  dark: fromTokens,
});
