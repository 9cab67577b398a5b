import { Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef, ReactNode } from 'react';

type AnchorProps = ButtonProps & Omit<ComponentPropsWithRef<'a'>, keyof ButtonProps>;

function AnchorButton(props: AnchorProps): ReactNode {
  return <Button component="a" {...props} />;
}

/** A link within the dashboard that looks like a button. */
export const LinkButton = createLink(AnchorButton);
