import type { Part } from "../recording.ts";

const parameter = (text: string, name: string): string | undefined => {
  const [, quoted, bare] = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s]*))`, "i").exec(text) ?? [];
  return quoted ?? bare;
};

/** The parts of a multipart body that was recorded as text; undefined when it has no boundary. */
export function readMultipart(text: string, type: string): Part[] | undefined {
  const boundary = parameter(type, "boundary");
  if (!boundary) return undefined;
  return `\r\n${text.replace(/\r?\n/g, "\r\n")}`.split(`\r\n--${boundary}`).slice(1).flatMap((piece): Part[] => {
    const end = piece.indexOf("\r\n\r\n");
    const head = piece.slice(0, end);
    const disposition = /content-disposition:([^\r]*)/i.exec(head)?.[1];
    if (piece.startsWith("--") || end < 0 || disposition === undefined) return [];
    const filename = parameter(disposition, "filename");
    const ownType = /content-type:\s*([^\r]*)/i.exec(head)?.[1];
    return [{ name: parameter(disposition, "name") ?? "", content: piece.slice(end + 4), ...(filename !== undefined && { filename }), ...(filename !== undefined && ownType !== undefined && { type: ownType }) }];
  });
}
