export { Avatar, type AvatarProps } from './components/Avatar';
export { CheckCards, type CheckCardsProps } from './components/CheckCards';
export { ChoiceGroup, type ChoiceGroupProps } from './components/ChoiceGroup';
export { avatarColorIndex, initials } from './components/initials';
export {
  LayoutCards,
  type LayoutCardsProps,
  PICTURE_LAYOUTS,
  type PictureLayout,
} from './components/LayoutCards';
export { Logo, type LogoProps } from './components/Logo';
export { Notice, type NoticeProps } from './components/Notice';
export { RadioCards, type RadioCardsProps } from './components/RadioCards';
export { SelectField, type SelectFieldProps, type SelectOption } from './components/SelectField';
export { SignalBars, type SignalBarsProps } from './components/SignalBars';
export { type Catalogues, createTranslator, switchLanguage } from './language/createTranslator';
export { LANGUAGES, type Language, startLanguage } from './language/language';
export { TargetFields, type TargetFieldsProps, type TargetWords } from './streams/TargetFields';
export {
  type EnteredTarget,
  emptyTarget,
  enteredTarget,
  MAX_TARGETS,
  problemsOf,
  type StoredTarget,
  type TargetForm,
  type TargetProblem,
} from './streams/targetForm';
export { denseTheme } from './theme/denseTheme';
export { theme } from './theme/theme';
export { UiProvider, type UiProviderProps } from './theme/UiProvider';
export { contrastRatio, readableShade, readableTextOn } from './tokens/contrast';
export { type Hue, palette } from './tokens/palette';
export { callColors, darkColors, dimensions, lightColors } from './tokens/tokens';
