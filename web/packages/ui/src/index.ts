export { Avatar, type AvatarProps } from './components/Avatar';
export { avatarColorIndex, initials } from './components/initials';
export { Logo, type LogoProps } from './components/Logo';
export { Notice, type NoticeProps } from './components/Notice';
export { theme } from './theme/theme';
export { UiProvider, type UiProviderProps } from './theme/UiProvider';
export { contrastRatio, readableTextOn } from './tokens/contrast';
export { type Hue, palette } from './tokens/palette';
export { callColors, darkColors, dimensions, lightColors } from './tokens/tokens';
