# frozen_string_literal: true

# Signed links to an embedded interview. Make them on a server: anyone with the key can sign for any visitor.
# The key is read from the variable EMBED_SIGNING_KEY: jmctl secrets exec NAME -- COMMAND sets it.

require "cgi"
require "openssl"

module Embed
  LINK = "@LINK@"
  EMBED_ID = "@EMBED_ID@"

  # The link that opens the interview for the visitor with this name and email address.
  def self.link(name, email)
    key = ENV.fetch("EMBED_SIGNING_KEY", "")
    raise "EMBED_SIGNING_KEY is not set" if key.empty?

    message = [EMBED_ID, name, email].map { |text| text.encode(Encoding::UTF_8) }.join
    signature = OpenSSL::HMAC.hexdigest("SHA256", key, message)
    "#{LINK}&name=#{parameter(name)}&email=#{parameter(email)}&signature=#{signature}"
  end

  # HTML that shows the interview.
  def self.iframe(name, email)
    %(<iframe src="#{CGI.escapeHTML(link(name, email))}" title="Interview") +
      %( allow="camera; microphone; autoplay; display-capture; fullscreen"></iframe>)
  end

  def self.parameter(text)
    CGI.escape([text.encode(Encoding::UTF_8)].pack("m0"))
  end
  private_class_method :parameter
end
