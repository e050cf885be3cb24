package dev.tandem.customer.limitchanges;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/** A customer as a client wishes it. */
record NewCustomer(
    @Schema(example = "Ada Lovelace")
        @NotBlank(message = "must not be blank")
        @Size(max = 200, message = "must have at most 200 characters")
        // neither PostgreSQL nor UTF-8 can hold a NUL or half a surrogate pair
        @Pattern(
            regexp = "[^\\p{Cntrl}\\p{Cs}]*",
            message = "must not have control characters or broken ones")
        String name,
    @NotNull(message = "is missing") @Valid RequestedLimit creditLimit) {}
