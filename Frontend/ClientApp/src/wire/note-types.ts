/** Notes, as the server writes them (CONTRACT.md, notes). */
export interface Note {
  noteId: string;
  authorId: string;
  authorName: string;
  title: string;
  body: string;
  images: readonly string[];
  tags: readonly string[];
  createdAt: number;
  editedAt?: number;
  likes: number;
  collects: number;
  comments: number;
  liked?: boolean;
  collected?: boolean;
}

/** What those who watch a note are sent: `note(noteId, counts)`. */
export interface NoteCounts {
  likes: number;
  collects: number;
  comments: number;
  deleted?: boolean;
}

export interface LikedNote {
  likes: number;
  liked: boolean;
}
