package io.contextdb.embedder.minilm;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModelFactory;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The loaded model: a tokenizer and an ONNX session, both in native memory. Thread-safe.
 *
 * <p>Each window runs alone and on the thread that asks: the quantised model scales its integers by the extremes of all
 * that runs together, so a batch would make a text's vector depend on its neighbours.
 */
final class SentenceModel {
    static final int DIMENSIONS = 384;

    /** Word pieces of a window, without the marks of its begin and end; the model's authors advise 256 with them. */
    static final int WINDOW = 254;

    private static final String FILES = "/all-minilm-l6-v2-q";
    private static final String CONTINUES_WORD = "##";

    private final HuggingFaceTokenizer tokenizer;
    private final OrtEnvironment environment;
    private final OrtSession session;

    private SentenceModel(HuggingFaceTokenizer tokenizer, OrtEnvironment environment, OrtSession session) {
        this.tokenizer = tokenizer;
        this.environment = environment;
        this.session = session;
    }

    /** Loads the model from the jar that carries it, and native code from others. */
    static SentenceModel load() {
        stayOffline();
        try (InputStream vocabulary = file("-tokenizer.json");
                InputStream weights = file(".onnx")) {
            HuggingFaceTokenizer tokenizer =
                    HuggingFaceTokenizer.newInstance(vocabulary, Map.of("padding", "false", "truncation", "false"));
            try {
                OrtEnvironment environment = OrtEnvironment.getEnvironment();
                return new SentenceModel(tokenizer, environment, session(environment, weights.readAllBytes()));
            } catch (OrtException | IOException | LinkageError notLoaded) {
                tokenizer.close();
                throw notLoaded;
            }
        } catch (OrtException | IOException | LinkageError | RuntimeException notLoaded) {
            throw new ContextUnavailableException(
                    "minilm: the model cannot be loaded; it needs ONNX Runtime for this platform, and a place for native"
                            + " code (directory .djl.ai in the home directory, or what DJL_CACHE_DIR names)",
                    Outcome.NOT_APPLIED,
                    notLoaded);
        }
    }

    private static InputStream file(String suffix) throws IOException {
        InputStream file = AllMiniLmL6V2QuantizedEmbeddingModelFactory.class.getResourceAsStream(FILES + suffix);
        if (file == null) {
            throw new FileNotFoundException(FILES + suffix + " is not on the class path");
        }
        return file;
    }

    private static OrtSession session(OrtEnvironment environment, byte[] weights) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            // Freed memory goes back to the system; with the arena, the longest text's would stay. No slower
            // (measured).
            options.setCPUArenaAllocator(false);
            return environment.createSession(weights, options);
        }
    }

    /** The tokenizer's library reports its use to its makers from some clouds and loads code for some graphics cards. */
    private static void stayOffline() {
        for (String setting : new String[] {"OPT_OUT_TRACKING", "ai.djl.offline"}) {
            if (System.getProperty(setting) == null) {
                System.setProperty(setting, "true");
            }
        }
    }

    /**
     * Returns the vector of a text, of length 1. A text of several windows has the mean of theirs, weighted by their word
     * pieces.
     *
     * @param stop asked before each window; once it says true, the vector is that of nothing
     */
    float[] embed(String text, BooleanSupplier stop) {
        var encoding = tokenizer.encode(text, true, false);
        long[] ids = encoding.getIds();
        String[] pieces = encoding.getTokens();
        int end = ids.length - 1;
        double[] sum = new double[DIMENSIONS];
        int from = 1;
        do {
            if (stop.getAsBoolean()) {
                return new float[DIMENSIONS];
            }
            int to = windowEnd(pieces, from, end);
            addMean(sum, window(ids, from, to), Math.max(1, to - from));
            from = to;
        } while (from < end);
        return normalized(sum);
    }

    /** Ends a window before a word that does not fit, unless the word alone is longer than a window. */
    static int windowEnd(String[] pieces, int from, int end) {
        if (end - from <= WINDOW) {
            return end;
        }
        int to = from + WINDOW;
        while (to > from && pieces[to].startsWith(CONTINUES_WORD)) {
            to--;
        }
        return to > from ? to : from + WINDOW;
    }

    private static long[] window(long[] ids, int from, int to) {
        long[] window = new long[to - from + 2];
        window[0] = ids[0];
        System.arraycopy(ids, from, window, 1, to - from);
        window[window.length - 1] = ids[ids.length - 1];
        return window;
    }

    private void addMean(double[] sum, long[] ids, int weight) {
        long[] shape = {1, ids.length};
        long[] attended = new long[ids.length];
        Arrays.fill(attended, 1);
        try (OnnxTensor input = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                OnnxTensor mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(attended), shape);
                OnnxTensor types = OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", input, "attention_mask", mask, "token_type_ids", types))) {
            FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer();
            double share = (double) weight / ids.length;
            for (int i = 0; i < states.capacity(); i++) {
                sum[i % DIMENSIONS] += share * states.get(i);
            }
        } catch (OrtException failed) {
            throw new ContextUnavailableException("minilm: the model failed", Outcome.NOT_APPLIED, failed);
        }
    }

    private static float[] normalized(double[] sum) {
        double squares = 0;
        for (double component : sum) {
            squares += component * component;
        }
        double length = Math.sqrt(squares);
        float[] vector = new float[sum.length];
        for (int i = 0; i < sum.length; i++) {
            vector[i] = (float) (sum[i] / length);
        }
        return vector;
    }
}
