/* SPDX-License-Identifier: ISC */
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Device PROTOCOL MODE HOST PORT [HELD]...: a plain SSLSocket, as device
 * firmware written in Java uses it, twice: the second time it resumes.  HELD
 * are the protocols that it is held at; SSLv2Hello is one that says how the
 * others are offered.
 */
public class Device {
	static class TrustAll implements X509TrustManager {
		public void checkClientTrusted(X509Certificate[] c, String s) {}
		public void checkServerTrusted(X509Certificate[] c, String s) {}
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}
	}

	private final String protocol, mode, host;
	private final String[] held;
	private final int port;

	Device(String[] args) {
		protocol = args[0];
		mode = args[1];
		host = args[2];
		port = Integer.parseInt(args[3]);
		held = Arrays.copyOfRange(args, 4, args.length);
	}

	public static void main(String[] args) throws Exception {
		Security.setProperty("jdk.tls.disabledAlgorithms", "");
		Security.setProperty("jdk.certpath.disabledAlgorithms", "");
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, new TrustManager[] {new TrustAll()}, null);
		Device device = new Device(args);
		device.talk(context);
		device.talk(context);
	}

	private String[] beforeTls() throws Exception {
		String name = InetAddress.getLocalHost().getHostName();
		switch (protocol) {
		case "smtp":
			return new String[] {"EHLO " + name, "STARTTLS"};
		case "imap":
			return new String[] {"A1 CAPABILITY", "A2 STARTTLS"};
		default:
			return new String[] {"CAPA", "STLS"};
		}
	}

	/** Whether the line `got` is not the last one of the answer. */
	private boolean more(String asked, String got) {
		if (got == null)
			return false;
		switch (protocol) {
		case "smtp":
			return got.length() > 3 && got.charAt(3) == '-';
		case "imap":
			return got.startsWith("*");
		default:
			return asked.equals("CAPA") && !got.equals(".");
		}
	}

	private void talk(SSLContext context) throws Exception {
		Socket plain = new Socket(host, port);
		plain.setSoTimeout(5000);
		BufferedReader in = new BufferedReader(
		    new InputStreamReader(plain.getInputStream()));
		if (mode.equals("starttls")) {
			in.readLine();
			for (String line : beforeTls())
				say(plain.getOutputStream(), in, line);
		}
		SSLSocket tls = (SSLSocket) context.getSocketFactory()
		    .createSocket(plain, host, port, true);
		if (held.length > 0)
			tls.setEnabledProtocols(held);
		tls.startHandshake();
		in = new BufferedReader(
		    new InputStreamReader(tls.getInputStream()));
		if (mode.equals("implicit"))
			in.readLine();
		String quit = protocol.equals("imap") ? "A3 LOGOUT" : "QUIT";
		tls.getOutputStream().write((quit + "\r\n").getBytes());
		in.readLine();
		tls.close();
	}

	private void say(OutputStream out, BufferedReader in, String line)
	    throws Exception {
		out.write((line + "\r\n").getBytes());
		String got;
		do
			got = in.readLine();
		while (more(line, got));
	}
}
