import {
  ActionIcon,
  Button,
  Checkbox,
  mergeThemeOverrides,
  PasswordInput,
  Select,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import dense from './dense.module.css';
import { theme } from './theme';

const input = { input: dense.input ?? '' };

/** The theme of screens that are worked at: 14 px text, controls of 36 px. */
export const denseTheme = mergeThemeOverrides(theme, {
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { size: 32 } }),
    Button: Button.extend({
      defaultProps: { size: 'sm' },
      classNames: { root: dense.button ?? '' },
    }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'sm' } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'sm' }, classNames: input }),
    Select: Select.extend({ defaultProps: { size: 'sm' }, classNames: input }),
    Switch: Switch.extend({ defaultProps: { size: 'sm' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'sm' }, classNames: input }),
    TextInput: TextInput.extend({ defaultProps: { size: 'sm' }, classNames: input }),
  },
});
