/// The tables of Q&A sessions, their questions, answers and votes.
enum QuestionSchema {
    /// - `question_tally` stands apart from `question` because it changes with every vote, and a row that holds a text
    ///   is dear to rewrite. What the room was last told stands beside what is: where they differ after a crash, the
    ///   tally is told anew.
    /// - `question_seal` alone says who asked an anonymous question.
    /// - A vote stays with the question it was cast on; merging says which questions count together. So a merge is
    ///   taken back by forgetting it.
    static let questions = """
        CREATE TABLE qa_session (
            room INTEGER NOT NULL, seq INTEGER NOT NULL, title TEXT NOT NULL, host INTEGER NOT NULL,
            cohosts TEXT NOT NULL, state TEXT NOT NULL, starts_at INTEGER, ends_at INTEGER, opened_at INTEGER,
            closed_at INTEGER, anonymous_allowed INTEGER NOT NULL, premoderated INTEGER NOT NULL,
            downvotes INTEGER NOT NULL, self_votes INTEGER NOT NULL, member_answers INTEGER NOT NULL,
            concurrent INTEGER NOT NULL, question_chars INTEGER NOT NULL, questions_per_member INTEGER NOT NULL,
            labels TEXT NOT NULL, is_start_announced INTEGER NOT NULL, is_end_announced INTEGER NOT NULL,
            PRIMARY KEY (room, seq)) WITHOUT ROWID;
        CREATE INDEX qa_session_running ON qa_session (state) WHERE state <> 'closed';

        CREATE TABLE question (
            room INTEGER NOT NULL, seq INTEGER NOT NULL, qa INTEGER NOT NULL, author INTEGER NOT NULL,
            is_anonymous INTEGER NOT NULL, text TEXT NOT NULL, asked_at INTEGER NOT NULL, state TEXT NOT NULL,
            slot TEXT, merged_into INTEGER, labels TEXT NOT NULL, thread INTEGER, accepted INTEGER, text_seq INTEGER,
            answered_at INTEGER,
            PRIMARY KEY (room, seq)) WITHOUT ROWID;
        CREATE INDEX question_of_session ON question (room, qa, author);
        CREATE INDEX question_merged ON question (room, merged_into) WHERE merged_into IS NOT NULL;
        CREATE TABLE question_seal (
            room INTEGER NOT NULL, question INTEGER NOT NULL, author INTEGER NOT NULL,
            PRIMARY KEY (room, question)) WITHOUT ROWID;
        CREATE INDEX question_seal_author ON question_seal (author, room);
        CREATE TABLE question_tally (
            room INTEGER NOT NULL, question INTEGER NOT NULL, up INTEGER NOT NULL, down INTEGER NOT NULL,
            told_up INTEGER NOT NULL, told_down INTEGER NOT NULL,
            PRIMARY KEY (room, question)) WITHOUT ROWID;
        CREATE INDEX question_tally_untold ON question_tally (room, question)
            WHERE up <> told_up OR down <> told_down;
        CREATE TABLE question_vote (
            room INTEGER NOT NULL, question INTEGER NOT NULL, member INTEGER NOT NULL, value INTEGER NOT NULL,
            at INTEGER NOT NULL, is_void INTEGER NOT NULL,
            PRIMARY KEY (room, question, member)) WITHOUT ROWID;
        CREATE INDEX question_vote_of_member ON question_vote (member, room);
        CREATE TABLE question_answer (
            room INTEGER NOT NULL, seq INTEGER NOT NULL, question INTEGER NOT NULL, author INTEGER NOT NULL,
            at INTEGER NOT NULL, text TEXT NOT NULL, is_spoken INTEGER NOT NULL, message INTEGER,
            is_by_mentor INTEGER NOT NULL, is_removed INTEGER NOT NULL, text_seq INTEGER NOT NULL,
            PRIMARY KEY (room, seq)) WITHOUT ROWID;
        CREATE INDEX question_answer_to ON question_answer (room, question);
        CREATE TABLE question_change (
            room INTEGER NOT NULL, question INTEGER NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL,
            state TEXT NOT NULL, slot TEXT, merged_into INTEGER, labels TEXT NOT NULL, thread INTEGER,
            accepted INTEGER, answered_at INTEGER,
            PRIMARY KEY (room, question, seq)) WITHOUT ROWID;

        ALTER TABLE review_item ADD COLUMN subject TEXT NOT NULL DEFAULT 'message';
        ALTER TABLE review_item ADD COLUMN about INTEGER;
        ALTER TABLE review_item ADD COLUMN is_sealed INTEGER NOT NULL DEFAULT 0;
        """
}
