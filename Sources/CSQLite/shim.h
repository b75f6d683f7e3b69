// What the imported SQLite leaves out: a function of any number of arguments, which Swift cannot call.
int sqlite3_config(int option, ...);

// SQLITE_CONFIG_MEMSTATUS; to be called before SQLite is used.
static inline int lyceum_sqlite_without_memory_statistics(void) { return sqlite3_config(9, 0); }
