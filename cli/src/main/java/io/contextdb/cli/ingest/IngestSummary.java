package io.contextdb.cli.ingest;

import java.util.List;

/**
 * What became of the files of an ingest.
 *
 * @param files files found
 * @param added files that are new
 * @param changed files whose content is new
 * @param unchanged files left alone
 * @param notText files left out because they are not text
 * @param empty files left out because nothing is in them
 * @param chunks chunks written
 * @param repeatedTexts chunks whose text had been embedded for another one
 * @param interrupted whether the user ended it early
 * @param problems files left out, wholly or partly, for another reason
 */
public record IngestSummary(
        long files,
        int added,
        int changed,
        int unchanged,
        int notText,
        int empty,
        long chunks,
        long repeatedTexts,
        boolean interrupted,
        List<FileProblem> problems) {}
