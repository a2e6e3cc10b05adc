package io.contextdb.tck.report;

import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The report for build servers, as JUnit's XML. */
record JunitForm(KitReport report) {
    String text() {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", report.name());
            xml.writeAttribute("tests", Integer.toString(report.results().size()));
            xml.writeAttribute("failures", Long.toString(report.count(Outcome.FAILED)));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", Long.toString(report.count(Outcome.SKIPPED)));
            for (TestResult result : report.results()) {
                xml.writeCharacters("\n  ");
                test(xml, result);
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException impossible) {
            throw new IllegalStateException("a report that is no XML", impossible);
        }
        return text.append('\n').toString();
    }

    private void test(XMLStreamWriter xml, TestResult result) throws XMLStreamException {
        int dot = result.test().indexOf('.');
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", report.name() + "." + result.test().substring(0, dot));
        xml.writeAttribute("name", result.test().substring(dot + 1));
        switch (result.outcome()) {
            case PASSED -> {}
            case SKIPPED -> {
                xml.writeEmptyElement("skipped");
                xml.writeAttribute("message", allowed(result.detail()));
            }
            case FAILED -> {
                xml.writeStartElement("failure");
                xml.writeAttribute("message", allowed(MarkdownForm.first(result.detail())));
                xml.writeCharacters(allowed(result.detail()));
                xml.writeEndElement();
            }
        }
        xml.writeEndElement();
    }

    /** XML has no way to write some characters, which values under test may hold. */
    private static String allowed(String text) {
        return text.codePoints()
                .map(c ->
                        c == '\n' || c == '\t' || (c >= ' ' && c < 0xD800) || (c >= 0xE000 && c < 0xFFFE) || c > 0xFFFF
                                ? c
                                : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
