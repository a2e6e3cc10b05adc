package io.contextdb.tck.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.capability.Limits;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** The report for programs: "compared" is the same for equal runs, byte by byte, "run" is what is not. */
record JsonForm(KitReport report) {
    private static final int FORMAT = 1;

    String text() {
        StringWriter text = new StringWriter();
        DefaultPrettyPrinter lines = new DefaultPrettyPrinter()
                .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                .withArrayIndenter(new DefaultIndenter("  ", "\n"));
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.setPrettyPrinter(lines);
            json.writeStartObject();
            json.writeNumberField("format", FORMAT);
            json.writeObjectFieldStart("compared");
            compared(json);
            json.writeEndObject();
            json.writeObjectFieldStart("run");
            run(json);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.append('\n').toString();
    }

    private void compared(JsonGenerator json) throws IOException {
        BackendInfo backend = report.info().backend();
        json.writeStringField("contract", report.contract().digest());
        json.writeStringField("product", backend.product());
        json.writeStringField("version", backend.version());
        json.writeStringField("driver", report.info().driverVersion());
        json.writeStringField("server", report.server().name());
        json.writeStringField("atomicity", backend.atomicity().name());
        json.writeStringField("idempotency", backend.idempotency().name());
        json.writeObjectFieldStart("capabilities");
        for (Capability capability : Capability.values()) {
            json.writeBooleanField(capability.name(), backend.offers(capability));
        }
        json.writeEndObject();
        limits(json, backend.limits());
        json.writeObjectFieldStart("counts");
        for (Outcome outcome : Outcome.values()) {
            json.writeNumberField(outcome.toString(), report.count(outcome));
        }
        json.writeEndObject();
        json.writeObjectFieldStart("statements");
        for (Map.Entry<String, List<TestResult>> statement :
                report.byStatement().entrySet()) {
            json.writeObjectFieldStart(statement.getKey());
            json.writeStringField(
                    "result", KitReport.verdict(statement.getValue()).toString());
            json.writeObjectFieldStart("tests");
            for (TestResult proof : statement.getValue()) {
                json.writeStringField(proof.test(), proof.outcome().toString());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndObject();
        details(json, "skips", Outcome.SKIPPED);
    }

    private static void limits(JsonGenerator json, Limits limits) throws IOException {
        json.writeObjectFieldStart("limits");
        json.writeNumberField("batchMutations", limits.batchMutations());
        json.writeNumberField("batchBytes", limits.batchBytes());
        json.writeNumberField("valueBytes", limits.valueBytes());
        json.writeNumberField("payloadBytes", limits.payloadBytes());
        json.writeNumberField("dimensions", limits.dimensions());
        json.writeNumberField("k", limits.k());
        json.writeEndObject();
    }

    private void details(JsonGenerator json, String name, Outcome outcome) throws IOException {
        json.writeObjectFieldStart(name);
        for (TestResult result : report.results()) {
            if (result.outcome() == outcome) {
                json.writeStringField(result.test(), result.detail());
            }
        }
        json.writeEndObject();
    }

    private void run(JsonGenerator json) throws IOException {
        json.writeStringField("url", report.info().url());
        json.writeStringField(
                "time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        json.writeNumberField("seed", report.seed());
        json.writeStringField("java", System.getProperty("java.version"));
        json.writeStringField("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        details(json, "failures", Outcome.FAILED);
    }
}
