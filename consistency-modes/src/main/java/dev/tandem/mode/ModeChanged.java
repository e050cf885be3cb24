package dev.tandem.mode;

import java.sql.SQLException;
import org.springframework.dao.TransientDataAccessException;

/**
 * Another mode is in force than the one that carries this change: told by the owner's database
 * before anything was done there. Rooms let it pass after they have given up what they had begun;
 * the change may be carried out in the mode in force, under a new id.
 */
public final class ModeChanged extends TransientDataAccessException {

  private static final long serialVersionUID = 1L;

  /** What {@code confirm_mode} raises. */
  static final String SQL_STATE = "TDM01";

  ModeChanged(SQLException raised) {
    super(String.valueOf(raised.getMessage()), raised);
  }
}
