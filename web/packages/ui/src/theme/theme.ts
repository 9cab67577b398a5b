import {
  ActionIcon,
  Button,
  createTheme,
  Input,
  InputWrapper,
  type MantineColorsTuple,
  PasswordInput,
  TextInput,
} from '@mantine/core';
import { palette } from '../tokens/palette';
import { dimensions } from '../tokens/tokens';
import fields from './fields.module.css';

/** Mantine's own dark greys, so that components we did not restyle fit the tokens. */
const dark: MantineColorsTuple = [
  '#f3f6f7',
  '#d5dde1',
  '#abb7be',
  '#71808a',
  '#3a464e',
  '#2c373f',
  '#1b242a',
  '#141b20',
  '#0f151a',
  '#0b1014',
];

/** The Mantine theme of every Jumpa screen; its values are the tokens. */
export const theme = createTheme({
  colors: {
    laut: palette.laut,
    kunyit: palette.kunyit,
    cabai: palette.cabai,
    daun: palette.daun,
    gray: palette.neutral,
    dark,
  },
  primaryColor: 'laut',
  primaryShade: 6,
  black: palette.neutral[9],
  fontFamily: dimensions['font-sans'],
  fontFamilyMonospace: dimensions['font-mono'],
  headings: { fontFamily: dimensions['font-sans'], fontWeight: dimensions['weight-strong'] },
  defaultRadius: dimensions['radius-control'],
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 36 } }),
    Button: Button.extend({
      defaultProps: { size: 'md' },
      classNames: { root: fields.button ?? '' },
    }),
    Input: Input.extend({ classNames: { input: fields.input ?? '' } }),
    InputWrapper: InputWrapper.extend({
      classNames: {
        label: fields.label ?? '',
        description: fields.description ?? '',
        error: fields.error ?? '',
      },
    }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'md' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'md' } }),
  },
});
