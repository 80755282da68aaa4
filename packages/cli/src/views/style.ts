import { styleText } from "node:util"

type Style = Parameters<typeof styleText>[0]

/** Colour for a terminal on stdout; none off a terminal or with NO_COLOR. */
const styled = (style: Style) => (text: string) =>
  styleText(style, text, { stream: process.stdout })

export const bold = styled("bold")
export const dim = styled("dim")
export const green = styled("green")
export const red = styled("red")
export const yellow = styled("yellow")
