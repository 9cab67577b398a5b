import { type MantineThemeComponents, mergeThemeOverrides } from '@mantine/core';
import dense from './dense.module.css';
import { theme } from './theme';

const field = { defaultProps: { size: 'sm' }, classNames: { input: dense.input ?? '' } };

// By name, not by `Select.extend`: a theme that imports its components puts each of them in front of
// the first screen.
const components: MantineThemeComponents = {
  ActionIcon: { defaultProps: { size: 32 } },
  Button: { defaultProps: { size: 'sm' }, classNames: { root: dense.button ?? '' } },
  ColorInput: field,
  Checkbox: { defaultProps: { size: 'sm' } },
  PasswordInput: field,
  Select: field,
  Switch: { defaultProps: { size: 'sm' } },
  Textarea: field,
  TextInput: field,
};

/** The theme of screens that are worked at: 14 px text, controls of 36 px. */
export const denseTheme = mergeThemeOverrides(theme, { components });
