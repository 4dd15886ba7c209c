import { call } from "./api";
import type { LikedNote, Note } from "./note-types";

const noteAt = (noteId: string, rest = "") => `/api/notes/${encodeURIComponent(noteId)}${rest}`;

export const noteApi = {
  one: (noteId: string) => call<Note>("GET", noteAt(noteId)),
  like: (noteId: string, on: boolean) => call<LikedNote>(on ? "PUT" : "DELETE", noteAt(noteId, "/like")),
};
