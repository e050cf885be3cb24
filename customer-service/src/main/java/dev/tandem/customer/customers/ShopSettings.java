package dev.tandem.customer.customers;

import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The shop.
 *
 * @param currency of every amount in this installation, by its ISO 4217 code
 */
@Validated
@ConfigurationProperties("tandem")
public record ShopSettings(
    @DefaultValue("EUR")
        @Pattern(
            regexp = "[A-Z]{3}",
            message = "must be the three capital letters of a currency, for example EUR")
        String currency) {}
